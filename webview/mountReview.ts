import { mount } from 'svelte';
import App from './App/App.svelte';
import type { VsCodeApi } from './messages/vscodeApi';
import { listElement } from './state/listFocus';
import { returnFocus } from './state/returningFocus';
import { Review } from './state/review.svelte';

/** Draws the review screen in an element; `api` leads to its host. */
export function mountReview(target: HTMLElement, api: VsCodeApi): void {
  returnFocus(window, listElement);
  mount(App, { target, props: { review: new Review(api, window), api } });
}

/** The element of the page that the screen is drawn in. */
export function screenElement(): HTMLElement {
  const target = document.getElementById('app');
  if (target === null) throw new Error('The page has no element #app to draw the review screen in.');
  return target;
}
