/** The source etcd, by its JSON gateway. */
@NullMarked
package io.wgnetty.peers.etcd;

import org.jspecify.annotations.NullMarked;
