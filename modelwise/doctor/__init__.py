"""The doctor: what is wrong with a checkpoint, what that means, how sure it is, and what to do.

A file is never written to and never unpickled; of its weights only a few small tensors are read.
"""
