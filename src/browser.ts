/** Cifra for browsers. Threads need cross-origin isolation; without it one thread computes. */
export * from './library.js';
