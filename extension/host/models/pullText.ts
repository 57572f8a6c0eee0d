import type { PullProgressMessage } from '../../protocol/models';
import type { Localisation } from '../../protocol/localisation';
import { formatBytes } from '../../protocol/formatBytes';

/** "212 MB of 600 MB · 12 MB/s · about 33 s left" */
export function pullText(
  { received, total, bytesPerSecond }: PullProgressMessage,
  l10n: Localisation,
): string {
  const parts = [l10n.t('{0} of {1}', formatBytes(received), formatBytes(total))];
  if (bytesPerSecond) {
    parts.push(l10n.t('{0}/s', formatBytes(bytesPerSecond)));
    const seconds = Math.ceil((total - received) / bytesPerSecond);
    if (seconds > 0)
      parts.push(
        seconds < 90
          ? l10n.t('about {0} s left', seconds)
          : l10n.t('about {0} min left', Math.round(seconds / 60)),
      );
  }
  return parts.join(' · ');
}
