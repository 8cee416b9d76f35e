package io.wgnetty.peer;

/** A node of a {@link PrefixTrie}: a prefix alone, or a place where the trie branches. */
sealed interface PrefixNode<P> permits AllowedIp, PrefixBranch {}
