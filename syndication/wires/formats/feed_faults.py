"""stub"""


def faults_of_feed(root, channel, *, is_atom):
    return []


def faults_of_entry(node, *, is_atom):
    return []
