import { render } from 'preact';
import { App } from './app';
import { keepPage } from './keep_page';
import './styles.css';

const root = document.getElementById('app');
if (root) render(<App />, root);
void keepPage();
