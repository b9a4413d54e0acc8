/**
 * kafkajs computes timers that lie in the past, and Node warns of each kind once. Nobody who runs a script can
 * do anything about it, so that one warning is left out; all others are shown as ever.
 */
export function hideTimerWarnings(): void {
  const listeners = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'TimeoutNegativeWarning') return;
    for (const listener of listeners) listener.call(process, warning);
  });
}
