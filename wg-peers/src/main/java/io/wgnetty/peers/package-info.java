/**
 * Directories of peers beside those of the file: how a record becomes a peer, and the commands for
 * records. Loaded when somebody asks for it, never otherwise.
 */
@NullMarked
package io.wgnetty.peers;

import org.jspecify.annotations.NullMarked;
