import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { describeBackend } from './suite.js';
import { float32 } from './tolerances.js';

describeBackend('wasm, 1 thread', async () => wasmBackend({ threads: 1 }), float32);
