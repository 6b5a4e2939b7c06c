import type { Tolerances } from './suite.js';

/** Of backends that compute in float32. */
export const float32: Tolerances = { value: 2e-6, gradient: 3e-6, adjoint: 2e-6 };
