import { describe, expect, it } from 'vitest';
import { Aborted, Barrier, CONTROL_BYTES } from './barrier.js';

describe('Barrier', () => {
  it('of one member is always open', () => {
    const barrier = new Barrier(new SharedArrayBuffer(CONTROL_BYTES), 1, 0);
    for (let i = 0; i < 3; i++) barrier.wait();
  });

  it.each([0, 10])('once aborted throws for everyone who comes later, instead of waiting (%i spins)', (spins) => {
    const control = new SharedArrayBuffer(CONTROL_BYTES);
    const [first, second] = [new Barrier(control, 2, spins), new Barrier(control, 2, spins)];
    first.abort();
    expect(() => second.wait()).toThrow(Aborted);
    expect(() => first.wait()).toThrow('Another thread failed.');
    expect(() => second.wait()).toThrow(Aborted);
  });
});
