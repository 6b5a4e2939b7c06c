const given = (globalThis as { P?: Record<string, number> }).P;
export const P = { rough: 0.7, elastic: 0.1, loose: 0.08, passes: 5, tremor: 0.01, wobble: 0.15, fine: 3, ...given };
