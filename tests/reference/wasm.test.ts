import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { describeReferenceCases } from './cases.js';

describeReferenceCases('wasm', async () => wasmBackend({ threads: 2 }), { layer: 2e-6, network: 1e-4 });
