import { describe, expect, it } from 'vitest';
import { type Keys, shortcutOf } from './shortcuts.js';

const plain: Keys = { key: '', code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false };

describe('shortcuts', () => {
  it.each<[Partial<Keys>, string | undefined]>([
    [{ key: 'z', ctrlKey: true }, 'undo'],
    [{ key: 'z', metaKey: true }, 'undo'],
    [{ key: 'Z', ctrlKey: true, shiftKey: true }, 'redo'],
    [{ key: 'Z', metaKey: true, shiftKey: true }, 'redo'],
    [{ key: 'y', ctrlKey: true }, 'redo'],
    [{ key: 'я', code: 'KeyZ', ctrlKey: true }, 'undo'],
    [{ key: 'z', code: 'KeyY', ctrlKey: true }, 'undo'],
    [{ key: 'Delete' }, 'clear'],
    [{ key: 'z' }, undefined],
    [{ key: 'z', ctrlKey: true, altKey: true }, undefined],
    [{ key: 'Delete', shiftKey: true }, undefined],
    [{ key: 'x', ctrlKey: true }, undefined],
  ])('%o', (keys, shortcut) => expect(shortcutOf({ ...plain, ...keys })).toBe(shortcut));
});
