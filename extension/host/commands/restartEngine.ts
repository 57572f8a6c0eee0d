import type { Command } from '../hostServices';

/** Ends the engine and starts a new one; a running scan goes on in it. */
export const restartEngine: Command = ({ engine }) => engine.restart();
