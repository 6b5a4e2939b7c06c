import type { Contract } from './suite.js';
export function describeInterface(_get: () => Contract, _m?: unknown): void {}
