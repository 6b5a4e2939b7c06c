import { wasmBackend } from '../../src/engine/wasm/backend.js';
import { describeBackend } from './suite.js';

for (const threads of [1, 3]) {
  describeBackend(`wasm, ${threads} thread${threads > 1 ? 's' : ''}`, async () => wasmBackend({ threads }), {
    value: 2e-6,
    gradient: 3e-6,
    adjoint: 2e-6,
  });
}
