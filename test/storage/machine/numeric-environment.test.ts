import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'node:test';

import { computeEnvironment } from '../../../storage/machine/compute-environment.js';
import { graphicsDevices } from '../../../storage/machine/graphics-devices.js';
import { processorOf } from '../../../storage/machine/processor.js';
import { readNumericEnvironment } from '../../../storage/machine/runtime-record.js';
import { readSweepContentFor } from '../../../storage/sweeps/sweep-content.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { tinyConfig, writeConfig } from '../../support/sweeps/tiny-config.js';

const numerics = { threads: 3, precision: 'float32', tf32: false, deterministic: true } as const;

test('a computing process gets its threads, kernels and device, but none of the engine’s credentials', () => {
  const given = { HOME: '/root', TEMPORAL_API_KEY: 'secret', NVIDIA_TF32_OVERRIDE: '7', TF_DETERMINISTIC_OPS: '0' };
  const set = computeEnvironment(given, { numerics, libraryPath: [], device: 'GPU-1' });
  assert.deepEqual(set, {
    HOME: '/root',
    TF_CPP_MIN_LOG_LEVEL: '2',
    TF_NUM_INTRAOP_THREADS: '3',
    TF_NUM_INTEROP_THREADS: '1',
    OMP_NUM_THREADS: '3',
    TF_ENABLE_ONEDNN_OPTS: '1',
    VOLBIAS_PRECISION: 'float32',
    TF_DETERMINISTIC_OPS: '1',
    NVIDIA_TF32_OVERRIDE: '0',
    TF_FORCE_GPU_ALLOW_GROWTH: 'true',
    CUDA_VISIBLE_DEVICES: 'GPU-1',
  });
});

test('TensorFlow decides on TF32 if the config allows it, and on the device if none is given', () => {
  const fast = { numerics: { ...numerics, tf32: true, deterministic: false }, libraryPath: ['/gpu'] };
  const set = computeEnvironment(
    { NVIDIA_TF32_OVERRIDE: '0', LD_LIBRARY_PATH: '/own', CUDA_VISIBLE_DEVICES: '2' },
    fast,
  );
  assert.equal(set['NVIDIA_TF32_OVERRIDE'], undefined);
  assert.equal(set['TF_DETERMINISTIC_OPS'], '0');
  assert.equal(set['CUDA_VISIBLE_DEVICES'], '2');
  assert.equal(set['LD_LIBRARY_PATH'], '/gpu:/own');
});

test("the GPUs are those that NVIDIA's driver lists, limited to those that the worker may see", async (t) => {
  const folder = await temporaryFolder(t);
  for (const [address, id] of [
    ['0000:41:00.0', 'GPU-b'],
    ['0000:0a:00.0', 'GPU-a'],
  ] as const) {
    await mkdir(join(folder, address));
    const text = `Model: \t\t NVIDIA H200\nIRQ:   \t\t 0\nGPU UUID: \t ${id}\nBus Type: \t PCIe\n`;
    await writeFile(join(folder, address, 'information'), text);
  }
  const both = ['GPU-a', 'GPU-b'].map((id) => ({ id, model: 'NVIDIA H200' }));
  assert.deepEqual(await graphicsDevices('gpu', {}, folder), both);
  assert.deepEqual(await graphicsDevices('cpu', {}, folder), []);
  assert.deepEqual(await graphicsDevices('gpu', { CUDA_VISIBLE_DEVICES: 'GPU-b' }, folder), both.slice(1));
  assert.deepEqual(await graphicsDevices('gpu', { CUDA_VISIBLE_DEVICES: '1, 0' }, folder), [{ id: '1' }, { id: '0' }]);
  assert.deepEqual(await graphicsDevices('gpu', { CUDA_VISIBLE_DEVICES: '' }, folder), []);
  assert.deepEqual(await graphicsDevices('gpu', {}, join(folder, 'none')), []);
});

test('a processor is described by its model and the instruction sets that select kernels', () => {
  const cpuinfo =
    'processor\t: 0\nflags\t\t: fpu sse4_1 avx2 ht avx\nbugs\t\t: spectre_v1\n\nprocessor\t: 1\nflags\t\t: amx_tile\n';
  assert.deepEqual(processorOf(' A CPU ', cpuinfo), { model: 'A CPU', instructionSets: ['sse4_1', 'avx', 'avx2'] });
  assert.deepEqual(processorOf('An Arm', 'Features\t: fp asimd sve\n').instructionSets, ['asimd', 'sve']);
  assert.deepEqual(processorOf('another'), { model: 'another', instructionSets: [] });
});

test('the numeric environment names library and processor, and is in the specification if the policy is key', async (t) => {
  const environment = await readNumericEnvironment();
  for (const name of ['tensorflow', 'libraryDigest', 'platform', 'architecture', 'processor', 'instructionSets']) {
    assert.notEqual(environment[name] ?? '', '', name);
  }
  const folder = await temporaryFolder(t);
  const contentOf = async (policy: string): Promise<unknown> => {
    const config = await writeConfig(folder, { ...tinyConfig({ name: policy }), numerics: { policy, threads: 1 } });
    return (await readSweepContentFor(config)).environment;
  };
  assert.deepEqual(await contentOf('key'), environment);
  assert.equal(await contentOf('record'), null);
});
