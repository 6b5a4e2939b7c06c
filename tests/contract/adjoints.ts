import type { Contract } from './suite.js';
export function describeAdjoints(_get: () => Contract, _m?: unknown): void {}
