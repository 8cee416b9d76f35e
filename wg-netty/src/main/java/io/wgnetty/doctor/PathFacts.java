package io.wgnetty.doctor;

/**
 * Pings of sizes through the tunnel to one peer.
 *
 * @param peer its name or key
 * @param address an inner address of it
 * @param linkMtu the interface's MTU, bytes
 * @param answers whether it answered a small one
 * @param largest the largest packet that was answered, bytes with its headers; 0 if none was
 */
record PathFacts(String peer, String address, int linkMtu, boolean answers, int largest) {}
