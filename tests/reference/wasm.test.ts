import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { describeReferenceCases } from './cases.js';

for (const numerics of ['strict', 'relaxed'] as const) {
  const make = async () => wasmBackend({ threads: 2, numerics });
  describeReferenceCases(`wasm, ${numerics}`, make, { layer: 2e-6, network: 1e-4 });
}
