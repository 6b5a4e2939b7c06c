import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../../src/data/crc32.js';
import { joined } from './bytes.js';

/** Writers of the archives that the readers read, as small as can be, with fields that may lie. */

export interface Member {
  readonly name: string;
  readonly content: Uint8Array;
  readonly deflated: boolean;
  /** Where it is to be other than the content's. */
  readonly size?: number;
  readonly crc?: number;
}

/** A zip archive, and where the fields of its headers are. */
export function zip(members: readonly Member[]): { bytes: Uint8Array<ArrayBuffer>; places: number[] } {
  const locals: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  const places: number[] = [];
  let offset = 0;
  for (const { name, content, deflated, size = content.length, crc = crc32(content) } of members) {
    const label = new TextEncoder().encode(name);
    const data = deflated ? deflateRawSync(content) : content;
    const common = [...u16(20), ...u16(0), ...u16(deflated ? 8 : 0), ...u32(0), ...u32(crc), ...u32(data.length)];
    const rest = [...u32(size), ...u16(label.length), ...u16(0)];
    const local = new Uint8Array([...u32(0x04034b50), ...common, ...rest]);
    locals.push(local, label, data);
    places.push(offset, offset + 26, offset + 28);
    central.push(
      new Uint8Array([
        ...u32(0x02014b50),
        ...u16(20),
        ...common,
        ...rest,
        ...u16(0),
        ...u16(0),
        ...u16(0),
        ...u32(0),
        ...u32(offset),
      ]),
      label,
    );
    offset += local.length + label.length + data.length;
  }
  const directory = joined(...central);
  for (let at = offset, i = 0; i < members.length; i++) {
    places.push(...[0, 8, 10, 16, 20, 24, 28, 30, 32, 42].map((field) => at + field));
    at += central[2 * i]!.length + central[2 * i + 1]!.length;
  }
  const end = offset + directory.length;
  places.push(...[0, 8, 10, 12, 16, 20].map((field) => end + field));
  const record = new Uint8Array([
    ...u32(0x06054b50),
    ...u16(0),
    ...u16(0),
    ...u16(members.length),
    ...u16(members.length),
    ...u32(directory.length),
    ...u32(offset),
    ...u16(0),
  ]);
  return { bytes: joined(...locals, directory, record), places };
}

/** The header of an .npy file and what follows it. */
export function npy(header: string, body: Uint8Array, version = 1): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(`${header}\n`);
  const length = version === 1 ? u16(text.length) : u32(text.length);
  return joined(new Uint8Array([0x93, ...Buffer.from('NUMPY'), version, 0, ...length]), text, body);
}

function u16(value: number): number[] {
  return [value & 255, (value >>> 8) & 255];
}

function u32(value: number): number[] {
  return [...u16(value & 0xffff), ...u16(value >>> 16)];
}
