import type { Command } from '../hostServices';

export const showLog: Command = ({ log }) => {
  log.show(true);
  return Promise.resolve();
};
