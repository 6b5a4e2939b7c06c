import type { Random } from '../../../src/numeric/philox.js';

/** Changes of bytes that damage, attacks and mistakes make: flips, fields at their limits, ranges cut, put twice, moved. */

/** What fields of 1, 2, 4 and 8 bytes are set to. */
const limits = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0x7fffn,
  0x8000n,
  0xffffn,
  0x10000n,
  0x7fff_ffffn,
  0x8000_0000n,
  0xffff_fffen,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1f_ffff_ffff_ffffn,
  0x7fff_ffff_ffff_ffffn,
  0xffff_ffff_ffff_ffffn,
];
const bytes = [0, 255, 0x7f, 0x80];

type Mutation = (given: Uint8Array, random: Random, places: readonly number[]) => Uint8Array;

const mutations: readonly Mutation[] = [
  function flipBit(given, random) {
    given[random.below(given.length)]! ^= 1 << random.below(8);
    return given;
  },
  function setByte(given, random) {
    given[random.below(given.length)] = random.below(2) === 0 ? bytes[random.below(4)]! : random.below(256);
    return given;
  },
  function setField(given, random, places) {
    const size = 1 << random.below(4);
    const at = places.length > 0 && random.below(4) > 0 ? pick(random, places) : random.below(given.length);
    if (at + size > given.length) return given;
    const view = new DataView(given.buffer, given.byteOffset, given.byteLength);
    const little = random.below(2) === 0;
    const value = random.below(4) === 0 ? BigInt(given.length - 4 + random.below(9)) : pick(random, limits);
    if (size === 8) view.setBigUint64(at, value, little);
    else if (size === 4) view.setUint32(at, Number(value & 0xffff_ffffn), little);
    else if (size === 2) view.setUint16(at, Number(value & 0xffffn), little);
    else view.setUint8(at, Number(value & 0xffn));
    return given;
  },
  function addToField(given, random, places) {
    const at = places.length > 0 && random.below(4) > 0 ? pick(random, places) : random.below(given.length);
    given[Math.min(at, given.length - 1)]! += random.below(2) === 0 ? 1 : 255;
    return given;
  },
  function truncate(given, random) {
    return given.subarray(0, random.below(given.length));
  },
  function append(given, random) {
    const tail = new Uint8Array(1 + random.below(16));
    if (random.below(2) === 0) for (let i = 0; i < tail.length; i++) tail[i] = random.below(256);
    return joined(given, tail);
  },
  function remove(given, random) {
    const [begin, end] = range(given, random);
    return joined(given.subarray(0, begin), given.subarray(end));
  },
  function duplicate(given, random) {
    const [begin, end] = range(given, random);
    return joined(given.subarray(0, end), given.subarray(begin));
  },
  function insert(given, random) {
    const [begin, end] = range(given, random);
    const filling = new Uint8Array(end - begin).fill(bytes[random.below(4)]!);
    return joined(given.subarray(0, begin), filling, given.subarray(begin));
  },
  function move(given, random) {
    const [begin, end] = range(given, random);
    given.copyWithin(random.below(given.length), begin, end);
    return given;
  },
];

/**
 * A copy of `given` with one to four changes.
 * @param places where fields begin, which are changed more often than other bytes
 */
export function mutateBytes(given: Uint8Array, random: Random, places: readonly number[] = []): Uint8Array {
  let result: Uint8Array = given.slice();
  for (let changes = 1 + random.below(4); changes > 0 && result.length > 0; changes--) {
    result = pick(random, mutations)(result, random, places);
  }
  return result;
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random.below(items.length)]!;
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    result.set(part, at);
    at += part.length;
  }
  return result;
}

/** Mostly short, sometimes of any length. */
function range(given: Uint8Array, random: Random): [begin: number, end: number] {
  const begin = random.below(given.length);
  const most = random.below(4) === 0 ? given.length : 16;
  return [begin, Math.min(given.length, begin + 1 + random.below(most))];
}
