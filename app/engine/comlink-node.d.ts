declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { Endpoint } from 'comlink';
  /** Makes a port of Node's worker threads an endpoint as comlink wants it. */
  const nodeEndpoint: (port: never) => Endpoint;
  export default nodeEndpoint;
}
