import './styles/theme.css';
import './styles/controls.css';
import { mount } from 'svelte';
import App from './App/App.svelte';
import { acquireApi } from './messages/vscodeApi';
import { Review } from './state/review.svelte';
import { useTranslations } from './words/localise';

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no element #app to draw the review screen in.');
useTranslations(JSON.parse(target.dataset['translations'] ?? '{}') as Record<string, string>);
const api = acquireApi();
mount(App, { target, props: { review: new Review(api, window), api } });
