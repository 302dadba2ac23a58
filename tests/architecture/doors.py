"""Contracts that import-linter does not ship: doors, pure and faces.

A listed module that does not exist yet is skipped, so the contract stands ready before the package comes.
"""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import cast

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


def present(graph: ImportGraph, patterns: Iterable[str]) -> list[str]:
    """Return the modules of the graph that match one of the dotted patterns; ``*`` stands for one part of the name."""
    found = set()
    for pattern in patterns:
        parts = pattern.split(".")
        for module in graph.modules:
            names = module.split(".")
            if len(names) == len(parts) and all(map(fnmatchcase, names, parts)):
                found.add(module)
    return sorted(found)


def _lines(option: object) -> list[str]:
    """A field of a contract is, on an instance, the list that was read for it."""
    return cast("list[str]", option)


class _Listing(Contract):
    """A contract whose check leaves a list of faults, one line each."""

    def render_broken_contract(self, check: ContractCheck) -> None:
        for fault in check.metadata["faults"]:
            output.print_error(fault, bold=False)


class DoorsContract(_Listing):
    """From outside a context only its ``api`` may be imported; by tests also its ``tests.make``."""

    type_name = "doors"
    contexts = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        root = self.session_options["root_packages"][0]
        faults = []
        for house in present(graph, [f"{root}.{context}" for context in _lines(self.contexts)]):
            for room in sorted((graph.find_descendants(house) | {house}) - {f"{house}.api"}):
                for guest in sorted(graph.find_modules_that_directly_import(room)):
                    if guest == house or guest.startswith(house + "."):
                        continue
                    if room == f"{house}.tests.make" and "tests" in guest.split("."):
                        continue
                    faults.append(f"{guest} enters {room}: use {house}.api")
        return ContractCheck(kept=not faults, metadata={"faults": faults})


class PureContract(_Listing):
    """The listed packages reach none of the forbidden ones, not even through a third module."""

    type_name = "pure"
    modules = fields.ListField(subfield=fields.StringField())
    forbidden = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        faults = []
        for package in present(graph, _lines(self.modules)):
            for module in sorted(graph.find_descendants(package) | {package}):
                if "tests" in module.split("."):
                    continue
                for target in present(graph, _lines(self.forbidden)):
                    chain = graph.find_shortest_chain(importer=module, imported=target)
                    if chain:
                        faults.append(f"{module} is not pure: {' -> '.join(chain)}")
        return ContractCheck(kept=not faults, metadata={"faults": faults})


class FacesContract(_Listing):
    """Faces of the web import neither each other nor, if they are shared parts, any face."""

    type_name = "faces"
    faces = fields.ListField(subfield=fields.StringField())
    shared = fields.ListField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        faces = present(graph, _lines(self.faces))
        faults = []
        for importer in faces + present(graph, _lines(self.shared)):
            for imported in faces:
                if importer == imported:
                    continue
                faults += [
                    f"{guest} imports {room}: share it in {', '.join(_lines(self.shared))}"
                    for guest, room in sorted(_direct_imports(graph, importer, imported))
                ]
        return ContractCheck(kept=not faults, metadata={"faults": faults})


def _direct_imports(graph: ImportGraph, importer: str, imported: str) -> set[tuple[str, str]]:
    rooms = graph.find_descendants(imported) | {imported}
    guests = graph.find_descendants(importer) | {importer}
    return {(guest, room) for room in rooms for guest in graph.find_modules_that_directly_import(room) & guests}
