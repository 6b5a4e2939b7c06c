import type { Contract } from './suite.js';
export function describeExactCases(_get: () => Contract, _m?: unknown): void {}
