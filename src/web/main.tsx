/** Mounts the page. */
import { render } from 'preact';
import './styles/tokens.css';
import './styles/base.css';
import './styles/parts.css';
import './styles/top-bar.css';
import './styles/login.css';
import './styles/timeline.css';
import './styles/review.css';
import './styles/transport.css';
import './styles/holds.css';
import './styles/composer.css';
import './styles/covers.css';
import './styles/cases.css';
import './styles/tables.css';
import './styles/status.css';
import './styles/status-figures.css';
import { App } from './App.tsx';
import { start } from './state/session.ts';

const page = document.getElementById('page');
if (page !== null) render(<App />, page);
void start();
