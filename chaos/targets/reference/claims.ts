/** What the reference server claims beside the list of its declaration. */
export default ["HA-14", "AB-19", "AB-20", "AB-22"];
