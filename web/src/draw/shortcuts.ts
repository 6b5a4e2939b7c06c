export type Shortcut = 'undo' | 'redo' | 'clear';
export type Keys = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** What keys ask for: as in drawing programs. */
export function shortcutOf({ key, code, ctrlKey, metaKey, shiftKey, altKey }: Keys): Shortcut | undefined {
  if (altKey) return undefined;
  const commanded = ctrlKey || metaKey;
  if (!commanded) return key === 'Delete' && !shiftKey ? 'clear' : undefined;
  // Where letters are not Latin, the key's place says which it is.
  const letter = /^[a-z]$/i.test(key) ? key.toLowerCase() : code.replace('Key', '').toLowerCase();
  if (letter === 'z') return shiftKey ? 'redo' : 'undo';
  return letter === 'y' && !shiftKey ? 'redo' : undefined;
}

/** Where the keys are the text's. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && !['range', 'checkbox', 'radio', 'button', 'file'].includes(target.type);
}

/** @param act does what was asked for @returns what ends the listening */
export function listenForShortcuts(act: (shortcut: Shortcut) => void): () => void {
  const listener = (event: KeyboardEvent): void => {
    const shortcut = shortcutOf(event);
    if (!shortcut || event.defaultPrevented || takesText(event.target)) return;
    // On a button of something else, Delete may be meant for that.
    if (shortcut === 'clear' && event.target !== document.body) return;
    event.preventDefault();
    act(shortcut);
  };
  addEventListener('keydown', listener);
  return () => removeEventListener('keydown', listener);
}
