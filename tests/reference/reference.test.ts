import { referenceBackend } from '../../src/engine/reference/backend.js';
import { describeReferenceCases } from './cases.js';

describeReferenceCases('reference', async () => referenceBackend(), { layer: 1e-9, network: 1e-9 });
