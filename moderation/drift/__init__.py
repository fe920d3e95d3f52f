"""Whether the talk is still about its topic, how sure that is, and why.

Read in this order: ``words``, ``background``, ``topic``, ``lexical``, ``scorer``,
``fusion``, ``monitor``; ``embedding`` is the one edge and needs a model.
"""
