import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { philox4x32, Random, streams } from './philox.js';

describe('philox4x32', () => {
  // The known answers that come with Random123 (kat_vectors, philox4x32 10).
  it.each([
    ['00000000 00000000 00000000 00000000', '00000000 00000000', '6627e8d5 e169c58d bc57ac4c 9b00dbd8'],
    ['ffffffff ffffffff ffffffff ffffffff', 'ffffffff ffffffff', '408f276d 41c83b0e a20bc7c6 6d5451fd'],
    ['243f6a88 85a308d3 13198a2e 03707344', 'a4093822 299f31d0', 'd16cfe09 94fdcceb 5001e420 24126ea1'],
  ])('counter %s, key %s', (counter, key, wanted) => {
    const words = (text: string): number[] => text.split(' ').map((word) => parseInt(word, 16));
    const [c0, c1, c2, c3] = words(counter);
    const [k0, k1] = words(key);
    const out = new Uint32Array(4);
    philox4x32(c0!, c1!, c2!, c3!, k0!, k1!, out);
    expect([...out]).toEqual(words(wanted));
  });
});

const take = (random: Random, count: number): number[] => Array.from({ length: count }, () => random.uint32());

describe('Random', () => {
  it('gives equal numbers for equal arguments and others for any other argument', () => {
    const given = take(new Random(7, streams.shuffle, 3, 4), 12);
    expect(take(new Random(7, streams.shuffle, 3, 4), 12)).toEqual(given);
    for (const other of [
      new Random(8, streams.shuffle, 3, 4),
      new Random(7, streams.dropout, 3, 4),
      new Random(7, streams.shuffle, 4, 4),
      new Random(7, streams.shuffle, 3, 5),
    ]) {
      expect(take(other, 12).filter((word, i) => word === given[i])).toEqual([]);
    }
  });

  it('uses all 53 bits of a seed', () => {
    const seeds = [0, 1, 2 ** 32, 2 ** 32 + 1, 2 ** 52, 2 ** 53 - 1];
    const first = seeds.map((seed) => new Random(seed, streams.initializer).uint32());
    expect(new Set(first).size).toBe(seeds.length);
  });

  it('is philox4x32 of (block, b, a, stream) under the seed', () => {
    const out = new Uint32Array(4);
    const words: number[] = [];
    for (let block = 0; block < 3; block++) {
      philox4x32(block, 9, 8, 2, 5, 1, out);
      words.push(...out);
    }
    expect(take(new Random(2 ** 32 + 5, 2, 8, 9), 12)).toEqual(words);
  });

  it('uniform lies in [low, high), with the mean and variance of its distribution', () => {
    const random = new Random(1, 0);
    const count = 20_000;
    let sum = 0;
    let squares = 0;
    for (let i = 0; i < count; i++) {
      const value = random.uniform(-3, 5);
      expect(value >= -3 && value < 5).toBe(true);
      sum += value;
      squares += (value - 1) ** 2;
    }
    expect(Math.abs(sum / count - 1)).toBeLessThan((5 * 8) / Math.sqrt(12 * count));
    expect(Math.abs(squares / count - 64 / 12)).toBeLessThan(0.2);
  });

  it('below stays within its bound', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 32 }), fc.nat(), (bound, seed) => {
        const value = new Random(seed, 0).below(bound);
        return Number.isInteger(value) && value >= 0 && value < bound;
      }),
    );
  });

  it.each([2, 3, 7, 10])('below(%i) is even: chi-squared', (bound) => {
    const counts = new Array<number>(bound).fill(0);
    const random = new Random(bound, 0);
    const draws = 10_000 * bound;
    for (let i = 0; i < draws; i++) counts[random.below(bound)]! += 1;
    const chiSquared = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquared).toBeLessThan(bound - 1 + 5 * Math.sqrt(2 * (bound - 1)));
  });

  it('below has no bias where a plain remainder would give the lower third twice the weight', () => {
    const random = new Random(3, 0);
    let lower = 0;
    for (let i = 0; i < 30_000; i++) if (random.below(3 * 2 ** 30) < 2 ** 30) lower++;
    expect(Math.abs(lower / 30_000 - 1 / 3)).toBeLessThan(0.014);
  });

  it('permutation holds every number once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), (count, seed) => {
        const order = new Random(seed, streams.shuffle).permutation(count);
        expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      }),
    );
  });

  it('permutation gives each order of three equally often', () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 12_000; seed++) {
      const order = new Random(seed, streams.shuffle).permutation(3).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    for (const count of counts.values()) expect(Math.abs(count - 2000)).toBeLessThan(210);
  });
});
