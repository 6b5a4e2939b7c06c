/** A button for the other of light and dark. */
export function startTheme(): void {
  const button = document.getElementById('theme')!;
  const root = document.documentElement;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const isDark = (): boolean => (root.dataset['theme'] ? root.dataset['theme'] === 'dark' : dark.matches);
  const name = (): void => {
    button.textContent = isDark() ? 'Light' : 'Dark';
    button.setAttribute('aria-label', `Show in ${isDark() ? 'light' : 'dark'} colours`);
  };
  button.addEventListener('click', () => {
    root.dataset['theme'] = isDark() ? 'light' : 'dark';
    name();
  });
  dark.addEventListener('change', name);
  name();
}
