import type { Contract } from './suite.js';
export function describePrograms(_get: () => Contract, _m?: unknown): void {}
