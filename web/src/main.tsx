import { render } from 'preact';
import { App } from './app/App.js';
import './app/base.css';
import { keepForOffline } from './offline/keep.js';

render(<App />, document.getElementById('page')!);
keepForOffline();
