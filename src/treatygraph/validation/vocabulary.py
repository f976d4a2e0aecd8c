"""The terms of the SHACL namespace, so that a misspelt one is noticed rather than ignored."""

from __future__ import annotations

import difflib


def _names(text: str, ending: str = "") -> frozenset[str]:
    return frozenset(name + ending for name in text.split())


CORE = _names(
    """
    Shape NodeShape PropertyShape PropertyGroup Parameterizable Parameter ConstraintComponent Severity
    NodeKind ValidationReport ValidationResult AbstractResult Violation Warning Info IRI BlankNode
    Literal BlankNodeOrIRI BlankNodeOrLiteral IRIOrLiteral targetNode targetClass targetSubjectsOf
    targetObjectsOf path severity message deactivated inversePath alternativePath zeroOrMorePath
    oneOrMorePath zeroOrOnePath class datatype nodeKind minCount maxCount minExclusive minInclusive
    maxExclusive maxInclusive minLength maxLength pattern flags languageIn uniqueLang equals disjoint
    lessThan lessThanOrEquals not and or xone node property qualifiedValueShape qualifiedMinCount
    qualifiedMaxCount qualifiedValueShapesDisjoint closed ignoredProperties hasValue in name description
    order group defaultValue shapesGraph shapesGraphWellFormed entailment suggestedShapesGraph conforms
    result detail focusNode resultPath value sourceShape sourceConstraint sourceConstraintComponent
    resultSeverity resultMessage
    """
)
SPARQL = _names(
    """
    sparql select ask construct update prefixes declare prefix namespace PrefixDeclaration
    SPARQLConstraint SPARQLExecutable SPARQLAskExecutable SPARQLSelectExecutable
    SPARQLConstructExecutable SPARQLUpdateExecutable SPARQLAskValidator SPARQLSelectValidator Validator
    parameter optional labelTemplate validator nodeValidator propertyValidator resultAnnotation
    ResultAnnotation annotationProperty annotationVarName annotationValue
    """
)
ADVANCED = _names(
    """
    target Target TargetType SPARQLTarget SPARQLTargetType expression ExpressionConstraintComponent
    Function SPARQLFunction returnType nodes union intersection filterShape this if then else count
    distinct sum min max limit offset orderBy desc groupConcat exists Rule TripleRule SPARQLRule
    NodeExpression rule condition subject predicate object js JSConstraint JSExecutable JSFunction
    JSLibrary JSRule JSTarget JSTargetType JSValidator jsFunctionName jsLibrary jsLibraryURL
    """
)
COMPONENTS = _names(
    """
    Class Datatype NodeKind MinCount MaxCount MinExclusive MinInclusive MaxExclusive MaxInclusive MinLength
    MaxLength Pattern LanguageIn UniqueLang Equals Disjoint LessThan LessThanOrEquals Not And Or Xone Node
    Property QualifiedMinCount QualifiedMaxCount Closed HasValue In SPARQL JS Expression
    """,
    ending="ConstraintComponent",
)
KNOWN = CORE | SPARQL | ADVANCED | COMPONENTS
"""Local names of SHACL 1.0 (Core, SPARQL) and of its Advanced Features and JavaScript notes."""

PARAMETERS = _names(
    """
    class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive
    minLength maxLength pattern languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and
    or xone node property qualifiedValueShape closed hasValue in sparql
    """
)
"""Properties that make their subject a shape (SHACL 2.1)."""

TARGETS = frozenset(["targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target"])


def nearest(local: str) -> str | None:
    """The known term a misspelt one most likely means."""
    folded = {name.casefold(): name for name in sorted(KNOWN, reverse=True)}
    close = difflib.get_close_matches(local.casefold(), folded, n=1, cutoff=0.6)
    return folded[close[0]] if close else None
