import { referenceBackend } from '../../src/engine/reference/backend.js';
import { describeBackend } from './suite.js';

// It is compared with itself here, so it must be equal; that it is right, differences and PyTorch's values say.
describeBackend('the reference backend', async () => referenceBackend(), { value: 0, gradient: 1e-7, adjoint: 1e-13 });
