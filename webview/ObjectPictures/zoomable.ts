import type { Action } from 'svelte/action';
import { panned, zoomAt, type FittedPicture, type Zoom } from './fit';

export interface Zoomable {
  readonly zoom: Zoom;
  readonly shown: FittedPicture | null;
  readonly onzoom: (zoom: Zoom) => void;
  readonly ontoggle: () => void;
}

/** Less than this is a click. */
const dragPixels = 4;
const keySteps: Record<string, [x: number, y: number]> = {
  ArrowLeft: [60, 0],
  ArrowRight: [-60, 0],
  ArrowUp: [0, 60],
  ArrowDown: [0, -60],
};

/** Ctrl and the wheel magnify at the pointer, dragging and arrow keys move, a double click goes to the object and back. */
export const zoomable: Action<HTMLElement, Zoomable | null> = (view, given) => {
  let now = given;
  let from: { x: number; y: number; zoom: Zoom } | null = null;
  let dragging = false;

  const within = (event: MouseEvent): { x: number; y: number } => {
    const { left, top } = view.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const wheel = (event: WheelEvent): void => {
    if (!now?.shown || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const size = { width: view.clientWidth, height: view.clientHeight };
    now.onzoom(zoomAt(now.shown, now.zoom, Math.exp(-event.deltaY / 300), within(event), size));
  };
  const down = (event: PointerEvent): void => {
    if (now && now.zoom.scale > 1 && event.button === 0) from = { ...within(event), zoom: now.zoom };
  };
  const move = (event: PointerEvent): void => {
    if (!from || !now?.shown) return;
    const at = within(event);
    const by = { x: at.x - from.x, y: at.y - from.y };
    if (!dragging && Math.hypot(by.x, by.y) < dragPixels) return;
    if (!dragging) view.setPointerCapture(event.pointerId);
    dragging = true;
    now.onzoom(panned(now.shown, from.zoom, by));
  };
  const end = (): void => {
    from = null;
    dragging = false;
  };
  const press = (event: KeyboardEvent): void => {
    const step = keySteps[event.key];
    if (!step || !now?.shown || now.zoom.scale <= 1 || event.target !== view) return;
    event.preventDefault();
    event.stopPropagation();
    now.onzoom(panned(now.shown, now.zoom, { x: step[0], y: step[1] }));
  };
  const double = (): void => now?.ontoggle();

  view.addEventListener('wheel', wheel, { passive: false });
  view.addEventListener('pointerdown', down);
  view.addEventListener('pointermove', move);
  view.addEventListener('pointerup', end);
  view.addEventListener('pointercancel', end);
  view.addEventListener('keydown', press);
  view.addEventListener('dblclick', double);
  return {
    update: (next) => void (now = next),
  };
};
