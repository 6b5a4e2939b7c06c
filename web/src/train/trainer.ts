import { serve } from '../channel/serve.js';

export function serveTrainer(): void {
  serve(() => ({}));
}
