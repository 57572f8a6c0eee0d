/** What a screen reader says next, politely. Owner: this page. */
export class Announcer {
  sentence = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  say(sentence: string): void {
    clearTimeout(this.#timer);
    this.sentence = sentence;
  }

  /** Says it once things have been still for half a second. */
  sayLater(sentence: () => string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.sentence = sentence()), 500);
  }
}
