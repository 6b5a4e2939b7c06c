import { effect } from '@preact/signals';
import { oneOf, urlSignal } from './url.js';

export const view = urlSignal('view', 'draw', oneOf('draw', 'train'));
export const theme = urlSignal('theme', 'system', oneOf('system', 'light', 'dark'));

effect(() => {
  const { dataset } = document.documentElement;
  if (theme.value === 'system') delete dataset['theme'];
  else dataset['theme'] = theme.value;
});
