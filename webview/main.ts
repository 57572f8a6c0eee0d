import './styles/theme.css';
import './styles/controls.css';
import { acquireApi } from './messages/vscodeApi';
import { mountReview, screenElement } from './mountReview';
import { useTranslations } from './words/localise';

const target = screenElement();
useTranslations(JSON.parse(target.dataset['translations'] ?? '{}') as Record<string, string>);
mountReview(target, acquireApi());
