import { useSignal } from '@preact/signals';

/** Puts a text on the clipboard. Pages that are not secure have none: there the text can be selected. */
export function Copy({ text, name }: { text: string; name: string }) {
  const said = useSignal('Copy');
  if (!isSecureContext) return null;
  const copy = async (): Promise<void> => {
    said.value = await navigator.clipboard.writeText(text).then(
      () => 'Copied',
      () => 'Not allowed',
    );
    setTimeout(() => (said.value = 'Copy'), 2000);
  };
  return (
    <button type="button" class="train-small" aria-label={name} onClick={() => void copy()}>
      <span aria-live="polite">{said}</span>
    </button>
  );
}
