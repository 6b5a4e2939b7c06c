import { lazy, Suspense } from 'preact/compat';
import { version } from '../../../src/runs/version.js';
import { DrawView } from '../draw/DrawView.js';
import { theme, view } from './settings.js';
import { leave } from './url.js';
import './shell.css';

const views = { draw: 'Draw', train: 'Train' } as const;
const themes = { system: 'Auto', light: 'Light', dark: 'Dark' } as const;
const TrainView = lazy(() => import('../train/TrainView.js'));

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        To the content
      </a>
      <header class="shell-top">
        <p class="shell-brand">
          <img src="./icon.svg" alt="" width="32" height="32" /> Cifra
        </p>
        <nav class="shell-views" aria-label="Views">
          {Object.entries(views).map(([name, title]) => (
            <ViewLink key={name} name={name as keyof typeof views} title={title} />
          ))}
        </nav>
        <label class="shell-theme">
          <span class="visually-hidden">Colours of the page, light or dark</span>
          <select value={theme.value} onChange={({ currentTarget }) => (theme.value = currentTarget.value as 'system')}>
            {Object.entries(themes).map(([name, title]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </header>
      <main id="main">
        {view.value === 'draw' ? (
          <DrawView />
        ) : (
          <Suspense fallback={<p class="quiet">Opening …</p>}>
            <TrainView />
          </Suspense>
        )}
      </main>
      <footer class="shell-foot quiet">
        <p>Everything is computed in this page: no drawing, picture or model leaves your browser.</p>
        <p>Cifra {version}</p>
      </footer>
    </>
  );
}

/** A link as it says, that changes the view without loading the page again. */
function ViewLink({ name, title }: { readonly name: keyof typeof views; readonly title: string }) {
  const query = new URLSearchParams(location.search);
  query.set('view', name);
  return (
    <a
      href={`?${query.toString()}`}
      aria-current={view.value === name ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        leave();
        view.value = name;
      }}
    >
      {title}
    </a>
  );
}
