import { lazy, Suspense } from 'preact/compat';
import { DrawView } from '../draw/DrawView.js';
import { leave } from './url.js';
import { theme, view } from './settings.js';

const views = { draw: 'Draw', train: 'Train' } as const;
const TrainView = lazy(() => import('../train/TrainView.js'));

export function App() {
  return (
    <>
      <a class="skip" href="#main">
        To the {views[view.value]} view
      </a>
      <header class="top">
        <p class="brand">Cifra</p>
        <nav aria-label="Views">
          {Object.entries(views).map(([name, title]) => (
            <a
              key={name}
              href={`?view=${name}`}
              aria-current={view.value === name ? 'page' : undefined}
              onClick={(event) => {
                event.preventDefault();
                leave();
                view.value = name as keyof typeof views;
              }}
            >
              {title}
            </a>
          ))}
        </nav>
        <ThemeChoice />
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
    </>
  );
}

function ThemeChoice() {
  return (
    <label class="theme">
      <span class="visually-hidden">Colours</span>
      <select value={theme.value} onChange={({ currentTarget }) => (theme.value = currentTarget.value as 'light')}>
        <option value="system">System</option>
        <option value="light">Light</option>
        <option value="dark">Dark</option>
      </select>
    </label>
  );
}
