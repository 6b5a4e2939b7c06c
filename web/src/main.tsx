import { render } from 'preact';
import { App } from './app/App.js';
import './app/base.css';

render(<App />, document.getElementById('page')!);
