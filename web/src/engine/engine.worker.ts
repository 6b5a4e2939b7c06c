/** The one script of all workers that compute: what each does, its name says. Parts are loaded when they are needed. */
if (self.name === 'reader') {
  void import('./reader.js').then(({ serveReader }) => serveReader());
} else {
  void import('../train/trainer.js').then(({ serveTrainer }) => serveTrainer());
}
