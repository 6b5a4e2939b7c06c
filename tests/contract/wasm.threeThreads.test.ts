import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { describeBackend } from './suite.js';
import { float32 } from './tolerances.js';

describeBackend(
  'wasm, 3 threads',
  async () => wasmBackend({ threads: 3 }),
  float32,
  async () => wasmBackend({ threads: 1 }),
);
